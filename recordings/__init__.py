"""What happened, and how it is proved: ledger, blobs, bundles and their verifier."""
