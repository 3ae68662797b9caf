package io.runnel.exec.outbound;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

class PublicAddressesTest {
    private static InetAddress at(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(literal, e);
        }
    }

    @Test
    void whatTheInternetReachesIsPublic() {
        for (String address :
                List.of(
                        "8.8.8.8",
                        "1.0.0.1",
                        "9.255.255.255",
                        "11.0.0.0",
                        "100.63.255.255",
                        "100.128.0.0",
                        "126.255.255.255",
                        "128.0.0.0",
                        "169.253.255.255",
                        "169.255.0.0",
                        "172.15.255.255",
                        "172.32.0.0",
                        "192.167.255.255",
                        "192.169.0.0",
                        "223.255.255.255",
                        "2606:4700:4700::1111",
                        "2a00:1450:4001::200e",
                        "2001:200::1",
                        "64:ff9b::8.8.8.8",
                        "2002:808:808::1",
                        "::ffff:8.8.8.8")) {
            assertTrue(PublicAddresses.contains(at(address)), address);
        }
    }

    @Test
    void whatLeadsToThisMachineOrNearItIsNot() {
        for (String address :
                List.of(
                        "0.0.0.0",
                        "0.1.2.3",
                        "10.0.0.1",
                        "100.64.0.1",
                        "100.100.100.200",
                        "127.0.0.1",
                        "127.255.255.254",
                        "168.63.129.16",
                        "169.254.0.1",
                        "169.254.169.254",
                        "172.16.0.1",
                        "172.31.255.255",
                        "192.0.0.192",
                        "192.0.2.1",
                        "192.168.0.1",
                        "198.18.0.1",
                        "224.0.0.1",
                        "239.255.255.255",
                        "240.0.0.1",
                        "255.255.255.255",
                        "::",
                        "::1",
                        "::127.0.0.1",
                        "::8.8.8.8",
                        "fe80::1",
                        "febf::1",
                        "fec0::1",
                        "fc00::1",
                        "fd00:ec2::254",
                        "ff02::1",
                        "2001:db8::1",
                        "2001::1",
                        "3fff::1",
                        "100::1",
                        "4000::1")) {
            assertFalse(PublicAddresses.contains(at(address)), address);
        }
    }

    @Test
    void anAddressWithinAnotherIsSeen() {
        for (String address :
                List.of(
                        "::ffff:127.0.0.1",
                        "::ffff:169.254.169.254",
                        "::ffff:0:127.0.0.1",
                        "64:ff9b::127.0.0.1",
                        "64:ff9b::a9fe:a9fe",
                        "64:ff9b:1::10.0.0.1",
                        "2002:7f00:1::",
                        "2002:a9fe:a9fe::1")) {
            assertFalse(PublicAddresses.contains(at(address)), address);
        }
    }
}
