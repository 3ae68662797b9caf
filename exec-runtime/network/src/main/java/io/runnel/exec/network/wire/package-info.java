/**
 * Frames as they are on a guest's wire: Ethernet, ARP, IPv4, TCP, UDP, ICMP, DNS and DHCP, as much
 * of each as the host's end needs. What comes from a guest is hostile: what is not well formed is
 * no packet. Pure.
 */
package io.runnel.exec.network.wire;
