"""What a search asks a cluster to match and to score, in the language of OpenSearch's queries."""
