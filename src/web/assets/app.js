// What works on every page of somebody signed in.
import "./swap.js";
import "./live.js";
import "./bell.js";
import "./keys.js";
import "./palette.js";
import "./lock.js";
