"""Real mail servers for tests: started on free loopback ports with folders of their own, stopped by pid."""
