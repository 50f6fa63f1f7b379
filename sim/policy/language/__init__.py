"""What a YAML file may say: fields, measures, rules, scenarios, and messages on what is wrong."""
