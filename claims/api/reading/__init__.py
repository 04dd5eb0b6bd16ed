"""What partners read: viewsets over the ledger, never over the desk."""
