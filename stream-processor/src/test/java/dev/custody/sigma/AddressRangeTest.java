package dev.custody.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
  @ParameterizedTest
  @ValueSource(strings = {"198.51.100.7", "2001:db8::1", "::ffff:198.51.100.7"})
  void anAddressIsOne(String text) {
    assertThat(AddressRange.isAddress(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "dead",
        "999.9.9.9",
        "1.2.3.4:443",
        "10.1",
        "7",
        "s3.amazonaws.com",
        "fe80::1%eth0"
      })
  void whatIsNoAddressIsNone(String text) {
    assertThat(AddressRange.isAddress(text)).isFalse();
  }
}
