"""Language models behind OpenAI's protocol: asked only after consent, every byte that is sent kept in a ledger."""
