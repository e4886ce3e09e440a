"""An index as it lies in a cluster: articles as documents, generations, and the client that reads and writes both."""
