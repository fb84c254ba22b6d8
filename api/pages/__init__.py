"""Pages, rendered on the server: every view fills a typed context, templates only lay it out."""
