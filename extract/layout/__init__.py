"""Pages as they are laid out: what is drawn where becomes lines, paragraphs and tables."""
