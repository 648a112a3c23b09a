"""The archive in a browser: Datasette on the catalogue, with the search rule of `archive.bigrams`."""
