//! Source files become documents, documents become bodies.
