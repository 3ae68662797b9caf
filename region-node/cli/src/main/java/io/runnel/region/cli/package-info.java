/**
 * The command {@code runnel}: what people type, and what it prints. Each command is a class; it
 * speaks HTTP to the nodes and JSON lines to the supervisor, and holds no state of its own.
 */
package io.runnel.region.cli;
