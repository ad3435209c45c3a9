"""Stand-ins for servers that only tests need; the mailbox and the SMTP server in memory are maild's own."""
