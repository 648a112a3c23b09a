"""The only room that owns the disk: WARC segments, the SQLite catalogue, and everything that is built from them."""
