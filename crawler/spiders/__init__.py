"""The two spiders: `survey` finds where a portal keeps its reports, `reports` fetches them."""
