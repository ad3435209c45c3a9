"""The whole way on a moved clock: a real store, fake mail servers, a printed seed."""
