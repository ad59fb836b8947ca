//! A result is entered at the bench and verified by somebody else.

use crate::hand::{Hand, User};
use crate::site::Site;

crate::by_both_hands!(enter_and_verify);

fn enter_and_verify(hand: Hand) {
    let site = Site::start();
    let order = site.seed.addresses["enter iron"].clone();
    let mut user = User::at_home(&site, "tech", hand);
    user.go(&order);
    user.tick("What it says", "Abnormal");
    user.choose("Storage iron", "3+");
    user.fill("Ring sideroblasts…", "22");
    user.fill("Precursors counted…", "100");
    user.press("button", "Enter the result");
    user.sees("The result is entered");

    let mut second = User::at_home(&site, "supervisor", hand);
    second.go(&format!("{order}/newest"));
    second.sees("22");
    second.press("button", "Verify");
    second.sees("Verified.");

    let order = site.api("supervisor").get(&format!("/api/v1{order}")).expect(200).json();
    assert_eq!(order["state"], "final", "{order}");
}
