//! Links of a site in, those that lead nowhere out.
