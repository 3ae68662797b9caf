/**
 * The network of one microVM: all that its card sends and gets. There is nothing on it but the
 * guest and this end, which opens a connection of its own for each that the guest opens, to where
 * its task may go and nowhere else, and carries the bytes between the two. So every sequence number
 * of the guest's connections is this end's own, and when the guest is halted, moved or goes on from
 * a snapshot, both sides of each connection are told by a reset that their kernels accept, without
 * either's doing (US11943093).
 *
 * <p>No frame is trusted. Names that a task may reach get addresses of this network alone; names
 * and addresses are looked up and checked here, when a connection is made.
 *
 * <p>The way in is {@link io.runnel.exec.network.GuestNetwork}, one for each machine.
 */
package io.runnel.exec.network;
