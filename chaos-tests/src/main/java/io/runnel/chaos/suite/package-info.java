/**
 * The chaos suite: scenarios as data, load and faults on a network of real processes, a verdict and
 * a report. It meets the network as a user does: by the launcher, by HTTP, and by Toxiproxy's API.
 */
package io.runnel.chaos.suite;
