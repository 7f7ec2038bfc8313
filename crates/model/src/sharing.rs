//! Who beside its owner may use what lies in a folder.

/// Nobody, or the folder's group: told by the folder's own mode, so that no setting can be forgotten.
///
/// A folder that is set-group-ID is shared with its group on purpose (`lanthorn separate` makes it so, for processes that run as
/// different users); any other is its owner's alone. Others are let in nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// The owner alone.
    Private,
    /// The owner and the group.
    Group,
}

impl Sharing {
    /// By the mode of a folder, as `stat` has it.
    #[must_use]
    pub const fn of_folder(mode: u32) -> Self {
        if mode & 0o2000 == 0 { Self::Private } else { Self::Group }
    }

    /// The mode of a new file in it.
    #[must_use]
    pub const fn file(self) -> u32 {
        match self {
            Self::Private => 0o600,
            Self::Group => 0o660,
        }
    }

    /// The mode of a new folder in it; a set-group-ID folder hands its bit down.
    #[must_use]
    pub const fn folder(self) -> u32 {
        match self {
            Self::Private => 0o700,
            Self::Group => 0o770,
        }
    }

    /// The bits that nothing in it may have: also the `umask` of a process that works there.
    #[must_use]
    pub const fn forbidden(self) -> u32 {
        match self {
            Self::Private => 0o077,
            Self::Group => 0o007,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_ever_for_others_and_only_a_marked_folder_is_for_its_group() {
        for mode in 0..0o10_000 {
            let sharing = Sharing::of_folder(mode);
            assert_eq!(sharing == Sharing::Group, mode & 0o2000 != 0);
            assert_eq!((sharing.file() | sharing.folder()) & sharing.forbidden(), 0);
            assert_eq!((sharing.file() | sharing.folder()) & 0o007, 0);
        }
    }
}
