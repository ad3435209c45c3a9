"""Mailboxes over IMAP (RFC 9051): the adapter behind maild.model.ports.MailboxSession."""
