//! A case is logged at the desk: patient, question, and the six parts of a kit.

use crate::hand::{Hand, User};
use crate::site::Site;

crate::by_both_hands!(log_a_case);

fn log_a_case(hand: Hand) {
    let site = Site::start();
    let mut user = User::at_home(&site, "tech", hand);
    user.opens("F9", "Log a case");
    user.arrives("Record number");
    user.fill("Record number (MRN)", "H5550123");
    user.fill("Family name", "Winterbourne");
    user.choose("Why the marrow is examined", "New or suspected acute myeloid");
    user.fill("Requester", "e.marlow");
    user.fill("When it was taken", "now");
    user.choose("Site", "Posterior");
    user.press("button", "Acute leukemia kit…");
    user.sees("Part 6");
    user.press("button", "All 4 tubes are filled as usual");
    user.sees_gone("button", "All 4 tubes are filled as usual");
    user.fill("Into fixative", "now");
    user.press("button", "Log and print labels");
    user.sees("The case is logged.");
    user.sees("WINTERBOURNE");
    user.effort("a case of six parts is logged");

    let newest = site.api("tech").get("/api/v1/cases?limit=1").expect(200).json();
    let newest = &newest["items"][0];
    assert_eq!(newest["mrn"], "H5550123", "{newest}");
    let path = format!("/api/v1/cases/{}", newest["accession"].as_str().unwrap());
    let case = site.api("tech").get(&path).expect(200).json();
    assert_eq!(case["specimens"].as_array().unwrap().len(), 6, "{case}");
}
