//! A case is logged at the desk: patient, question, one tube.

use crate::hand::{Hand, User};
use crate::site::Site;

crate::by_both_hands!(log_a_case);

fn log_a_case(hand: Hand) {
    let site = Site::start();
    let mut user = User::at_home(&site, "tech", hand);
    user.press("link", "Log a case");
    user.sees("Record number");
    user.fill("Record number (MRN)", "H5550123");
    user.fill("Family name", "Winterbourne");
    user.choose("Why the marrow is examined", "Myelodysplastic");
    user.fill("Requester", "e.marlow");
    user.fill("When", "now");
    user.choose("Site", "Posterior");
    user.choose("Side", "Left");
    user.choose("What it is", "Aspirate");
    user.choose("In", "EDTA");
    user.fill("Pull", "1");
    user.fill("Volume…", "4 mL");
    user.press("button", "Log the case");
    user.sees("The case is logged");
    user.sees("WINTERBOURNE");

    let newest = site.api("tech").get("/api/v1/cases?limit=1").expect(200).json();
    assert_eq!(newest["items"][0]["mrn"], "H5550123");
}
