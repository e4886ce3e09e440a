"""Files that are sent as they are: pictures, and the scripts and styles of pages."""
