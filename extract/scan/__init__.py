"""Pages that are pictures: from pixels to characters with boxes and ruling lines, as a PDF with text gives them."""
