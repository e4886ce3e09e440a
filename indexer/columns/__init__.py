"""An article taken apart into words, values and numbers, in the forms in which every engine stores them."""
