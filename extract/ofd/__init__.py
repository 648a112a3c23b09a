"""OFD (GB/T 33190-2016), the state's own format for fixed pages: its packages, pages, text and lines."""
