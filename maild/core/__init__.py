"""Pure decisions: values in, values out. The time comes in as `now`; nothing here reads, sends or waits."""
