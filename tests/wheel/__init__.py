"""The wheel, tried where nothing else is."""
