/**
 * The supervisor: one small process a data folder that starts the nodes of this machine, each in a
 * process of its own, starts those again that die, and ends them all with itself. It speaks JSON
 * lines on a Unix socket in the data folder.
 */
package io.runnel.region.cli.supervisor;
