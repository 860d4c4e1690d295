"""What happened, and can we prove it: the ledger, the blob store, bundles and their verifier."""
