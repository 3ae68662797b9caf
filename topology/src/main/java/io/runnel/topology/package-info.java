/**
 * What the network looks like (regions, nodes, POPs, links, capacities), read from and written to
 * topology files, and who is up in it.
 *
 * <p>The layout of the network, POPs that execute functions for the region behind them, follows
 * patent US11762703.
 *
 * <p>Values only: immutable, safe for any thread. Only {@link io.runnel.topology.TopologyReader}
 * reads files and only {@link io.runnel.topology.BoundPorts} opens sockets.
 */
package io.runnel.topology;
