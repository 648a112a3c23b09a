"""Bytes in, values out: documents become text, text becomes figures. No disk, no network, no database."""
