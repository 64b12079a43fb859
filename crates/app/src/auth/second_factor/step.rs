//! What a change of a user does to the second factor. Pure.

use base::{Error, Reason, Result, Secret, Time};
use store::rows::{SecondFactor, User};

use super::{SET_UP_WITHIN, not_begun};

/// What a request asks for.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// A code of the app; of the new one to turn it on, else of the present one or a recovery code.
    pub code: Option<Secret>,
    pub new_secret: bool,
    pub new_recovery_codes: bool,
    /// `None`: the mask does not name it.
    pub enabled: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Nothing,
    /// A secret and recovery codes are shown, and count once confirmed.
    Begin,
    /// New recovery codes in place of the old ones.
    RecoveryCodes,
    On,
    /// Also what an administrator does for somebody who lost everything.
    Off {
        own: bool,
    },
}

impl Ask {
    /// Whether it asks for something that no mask names.
    pub const fn is_for_new(&self) -> bool {
        self.new_secret || self.new_recovery_codes
    }

    /// `own`: people ask for themselves. `required`: nobody goes without a second factor here.
    pub(crate) fn step(
        &self,
        own: bool,
        required: bool,
        factor: &SecondFactor,
        now: Time,
    ) -> Result<Step> {
        let asked = [self.new_secret, self.new_recovery_codes, self.enabled.is_some()];
        let on = factor.on_since.is_some();
        let begun = factor.begun_at.is_some_and(|begun| now.since(begun) < SET_UP_WITHIN);
        if asked.into_iter().filter(|asked| *asked).count() > 1 {
            return Err(Error::field(
                "otp_code",
                "ask for one at a time: a new secret, new recovery codes, or to turn the second factor on or off",
            ));
        }
        let step = match self.enabled {
            _ if self.new_secret => Step::Begin,
            _ if self.new_recovery_codes && (on || begun) => Step::RecoveryCodes,
            _ if self.new_recovery_codes => {
                let text =
                    "the second factor is off; it comes with recovery codes when it is set up";
                return Err(Error::field("regenerate_recovery_codes", text));
            }
            Some(true) if begun => Step::On,
            Some(true) if on && self.code.is_none() => Step::Nothing,
            Some(true) => return Err(not_begun()),
            Some(false) if on => Step::Off { own },
            Some(false) => Step::Nothing,
            None if self.code.is_some() => {
                return Err(Error::field("otp_code", "nothing here needs a code; leave it out"));
            }
            None => Step::Nothing,
        };
        match step {
            Step::Begin | Step::RecoveryCodes | Step::On if !own => Err(Error::new(
                Reason::NotAllowed,
                "people set up their own second factor; you can only turn off that of others",
            )),
            Step::Off { own: true } if required => Err(Error::new(
                Reason::NotAllowed,
                "this workspace asks everybody for a second factor; set up another app instead",
            )),
            step => Ok(step),
        }
    }
}

impl Step {
    /// Whether a code of the present factor is needed.
    pub(super) const fn proves(self, user: &User) -> bool {
        let on = user.payload.second_factor.on_since.is_some();
        match self {
            Self::Begin | Self::RecoveryCodes => on,
            Self::Off { own } => own,
            Self::Nothing | Self::On => false,
        }
    }

    /// Whether a code is looked at, so that guesses are counted.
    pub(crate) const fn is_guarded(self, user: &User) -> bool {
        self.proves(user) || matches!(self, Self::On)
    }

    /// Whether it ends the sessions there are.
    pub(crate) const fn ends_sessions(self) -> bool {
        matches!(self, Self::On | Self::Off { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_micros(1_800_000_000_000_000);

    fn step(ask: &Ask, own: bool, required: bool, factor: &SecondFactor) -> Option<Step> {
        ask.step(own, required, factor, NOW).ok()
    }

    #[test]
    fn who_may_do_what_when() {
        let off = SecondFactor::default();
        let on = SecondFactor { on_since: Some(NOW), ..off };
        let begun = SecondFactor { begun_at: Some(NOW), ..off };
        let late = SecondFactor { begun_at: Some(NOW.minus(SET_UP_WITHIN)), ..off };
        let new = || Ask { new_secret: true, ..Ask::default() };
        let codes = || Ask { new_recovery_codes: true, ..Ask::default() };
        let set = |enabled| Ask { enabled: Some(enabled), ..Ask::default() };
        assert_eq!(step(&new(), true, false, &off), Some(Step::Begin));
        assert_eq!(step(&new(), false, false, &off), None);
        assert_eq!(step(&codes(), true, false, &off), None);
        assert_eq!(step(&codes(), true, false, &begun), Some(Step::RecoveryCodes));
        assert_eq!(step(&codes(), false, false, &on), None);
        assert_eq!(step(&set(true), true, false, &begun), Some(Step::On));
        assert_eq!(step(&set(true), true, false, &late), None);
        assert_eq!(step(&set(true), true, false, &off), None);
        assert_eq!(step(&set(true), false, false, &begun), None);
        assert_eq!(step(&set(true), true, false, &on), Some(Step::Nothing));
        assert_eq!(step(&set(false), true, false, &on), Some(Step::Off { own: true }));
        assert_eq!(step(&set(false), true, true, &on), None);
        assert_eq!(step(&set(false), false, true, &on), Some(Step::Off { own: false }));
        assert_eq!(step(&set(false), true, true, &off), Some(Step::Nothing));
        assert_eq!(step(&Ask { new_secret: true, ..set(true) }, true, false, &begun), None);
        let code = Ask { code: Some("1".into()), ..Ask::default() };
        assert_eq!(step(&code, true, false, &on), None);
        assert_eq!(step(&Ask::default(), true, true, &on), Some(Step::Nothing));
    }
}
