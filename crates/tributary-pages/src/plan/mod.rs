//! Sources and a snapshot become a publish plan.
