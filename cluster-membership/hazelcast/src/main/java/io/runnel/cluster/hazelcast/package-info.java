/**
 * Who is in a region's cluster, and the soft state that its nodes share: one Hazelcast cluster a
 * region, its nodes as members and its POPs as clients. The only room that imports Hazelcast.
 *
 * <p>Nothing in a cluster grants, authorizes or is the only copy: whoever is in it has every right
 * over every map, so a peer may disturb and never decide.
 */
package io.runnel.cluster.hazelcast;
