//! A tube arrives: it is scanned, received and accepted.

use crate::hand::{Hand, User};
use crate::site::Site;

crate::by_both_hands!(scan_and_step);

fn scan_and_step(hand: Hand) {
    let site = Site::start();
    let at = &site.seed.addresses["scan expected"];
    let label = at.rsplit_once('=').unwrap().1.to_owned();
    let mut user = User::at_home(&site, "tech", hand);
    user.press("link", "Scan");
    user.fill("Scan…", &label);
    user.press("button", "Look up");
    user.sees(&label);
    user.press("button", "Receive");
    user.sees("Received.");
    user.press("button", "Accept");
    user.sees("Accepted.");

    let part = site.api("tech").get(&format!("/api/v1/specimens/{label}")).expect(200).json();
    assert_eq!(part["state"], "accepted", "{part}");
}
