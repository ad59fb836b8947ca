//! A result is entered at the bench, verified by somebody else, and signed for in a report.

use crate::hand::{Hand, User};
use crate::site::Site;

crate::by_both_hands!(enter_verify_and_sign);

fn enter_verify_and_sign(hand: Hand) {
    let site = Site::start();
    let order = site.seed.addresses["enter iron"].clone();
    let mut user = User::at_home(&site, "tech", hand);
    user.go(&order);
    user.tick("What it says", "Abnormal");
    user.choose("Storage iron", "3+");
    user.fill("Ring sideroblasts…", "22");
    user.fill("Precursors counted…", "100");
    user.press("button", "Enter the result");
    user.sees("The result is entered.");
    user.effort("a result is entered");

    let mut second = User::at_home(&site, "supervisor", hand);
    second.go(&format!("{order}/newest"));
    second.sees("22");
    second.press("button", "Verify");
    second.sees("Verified.");
    second.effort("a result is verified");

    let told = site.api("supervisor").get(&format!("/api/v1{order}")).expect(200).json();
    assert_eq!(told["state"], "final", "{told}");
    let case = format!("/cases/{}", told["accession"].as_str().unwrap());

    let mut third = User::at_home(&site, "pathologist", hand);
    third.go(&format!("{case}/report"));
    third.sees("Ring sideroblasts");
    third.tick("Kind of report", "Preliminary report");
    third.fill("Diagnosis", "Ring sideroblasts; further results to come.");
    third.press("button", "Save the draft");
    third.sees("The draft is saved.");
    third.fill("Your password", &site.seed.accounts["pathologist"].password);
    third.press("button", "Sign");
    third.sees("Signed.");
    third.effort("a preliminary report is signed");

    let told = site.api("pathologist").get(&format!("/api/v1{case}")).expect(200).json();
    let report = told["reports"].as_array().unwrap().last().unwrap();
    assert_eq!(report["state"], "preliminary", "{report}");
}
