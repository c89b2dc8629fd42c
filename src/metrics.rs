//! Every metric: name, unit, help, labels.
