"""The engine on a cluster: an index of articles in OpenSearch, which many gateways share."""
