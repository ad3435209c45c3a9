"""In-memory stand-ins for servers; each passes the same contract tests as the real one."""
