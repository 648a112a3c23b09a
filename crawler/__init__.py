"""The only room that talks to the network: portals, families of content systems, spiders, frontier and recorder."""
