//! A wrapper that raw text travels in: it prints a mark, never itself.

use std::fmt;

use zeroize::Zeroize;

/// A value that must never be printed, logged, serialised or left in freed memory.
///
/// `Debug` and `Display` print `[sensitive]`. There is no `Serialize`, no `Deref` and no `Clone`: taking the value
/// out is a visible act ([`expose`](Self::expose), [`into_inner`](Self::into_inner)).
pub struct Sensitive<T: Zeroize>(T);

impl<T: Zeroize> Sensitive<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Looks at the value.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Changes the value in place.
    pub const fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }

    /// Takes the value out; whoever does so is responsible for wiping it.
    #[must_use]
    pub fn into_inner(mut self) -> T
    where
        T: Default,
    {
        std::mem::take(&mut self.0)
    }
}

impl<T: Zeroize> Drop for Sensitive<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize + Default> Default for Sensitive<T> {
    fn default() -> Self {
        Self(T::default())
    }
}

impl<T: Zeroize> From<T> for Sensitive<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T: Zeroize> fmt::Debug for Sensitive<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("[sensitive]")
    }
}

impl<T: Zeroize> fmt::Display for Sensitive<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("[sensitive]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_debug_nor_display_shows_the_value() {
        let value = Sensitive::new("+44 7700 900123".to_owned());
        assert_eq!(format!("{value} {value:?} {value:#?}"), "[sensitive] [sensitive] [sensitive]");
        assert_eq!(value.into_inner(), "+44 7700 900123");
    }
}
