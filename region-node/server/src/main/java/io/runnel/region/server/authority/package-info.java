/**
 * A region's authority, which certifies its nodes and POPs, refuses others and revokes, and writes
 * down each of it first. The mechanism is that of US10216921.
 */
package io.runnel.region.server.authority;
