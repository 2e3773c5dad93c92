package dev.custody.sigma;

import static dev.custody.sigma.TestRules.matches;
import static dev.custody.sigma.TestRules.search;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each modifier: a value that passes, and one that nearly does. */
class ModifierTest {

  @ParameterizedTest(name = "{0} passes {1}, not {2}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          tool: Bash                            ; {"tool":"bASH"}                ; {"tool":"bashful"}
          tool: 'ba*h'                          ; {"tool":"BasketWeaveH"}        ; {"tool":"bash "}
          tool: 'ba?h'                          ; {"tool":"bath"}                ; {"tool":"bah"}
          n: 517                                ; {"n":517}                      ; {"n":5170}
          n: 517                                ; {"n":"517"}                    ; {"n":"0517"}
          n: '517'                              ; {"n":517}                      ; {"n":517.5}
          ok: true                              ; {"ok":true}                    ; {"ok":false}
          ok: 'true'                            ; {"ok":true}                    ; {"ok":1}
          ok: ''                                ; {"ok":""}                      ; {"ok":null}
          ok: null                              ; {"ok":null}                    ; {"ok":""}
          ok: null                              ; {"other":1}                    ; {"ok":0}
          t: [a, 'b*', 3]                       ; {"t":"Bx"}                     ; {"t":"ax"}
          t|contains: etc/shadow                ; {"t":"cat /ETC/shadow-"}       ; {"t":"cat /etc/shado"}
          t|contains: 'a*z'                     ; {"t":"1 A--Z 2"}               ; {"t":"1 z--a 2"}
          t|startswith: sudo                    ; {"t":"SUDO rm"}                ; {"t":" sudo rm"}
          t|endswith: .pem                      ; {"t":"/k/id.PEM"}              ; {"t":"/k/id.pem2"}
          t|contains|all: [curl, http]          ; {"t":"http via curl"}          ; {"t":"curl ftp"}
          t|all: ['*a*', '*b*']                 ; {"t":["xa","bx"]}              ; {"t":["xa","ax"]}
          t|cased: Admin                        ; {"t":"Admin"}                  ; {"t":"admin"}
          t|cased|contains: Adm                 ; {"t":"xAdmin"}                 ; {"t":"xadmin"}
          t|re: '^a+b$'                         ; {"t":"aaab"}                   ; {"t":"Aab"}
          t|re: 'key=[0-9]{4}'                  ; {"t":"x key=1234 y"}           ; {"t":"x key=123 y"}
          t|re|i: '^a+b$'                       ; {"t":"AAB"}                    ; {"t":"AABB"}
          t|re|m: '^b$'                         ; {"t":"a\\nb\\nc"}              ; {"t":"a b c"}
          t|re|s: 'a.b'                         ; {"t":"a\\nb"}                  ; {"t":"a\\n\\nb"}
          t|re|ignorecase: '^a+b$'              ; {"t":"AAB"}                    ; {"t":"AABB"}
          t|re|multiline: '^b$'                 ; {"t":"a\\nb\\nc"}              ; {"t":"a b c"}
          t|re|dotall|ignorecase: 'a.b'         ; {"t":"A\\nB"}                  ; {"t":"A\\n\\nB"}
          t|re|i|s: 'a.b'                       ; {"t":"A\\nB"}                  ; {"t":"AB"}
          ip|cidr: 10.0.0.0/8                   ; {"ip":"10.255.0.1"}            ; {"ip":"11.0.0.1"}
          ip|cidr: 10.1.2.128/25                ; {"ip":"10.1.2.128"}            ; {"ip":"10.1.2.127"}
          ip|cidr: 10.0.0.0/8                   ; {"ip":"::ffff:10.0.0.1"}       ; {"ip":"10.1"}
          ip|cidr: '2001:db8::/33'              ; {"ip":"2001:db8:7fff::1"}      ; {"ip":"2001:db8:8000::1"}
          ip|cidr: [10.0.0.0/8, '::1']          ; {"ip":"0:0:0:0:0:0:0:1"}       ; {"ip":"cloudtrail.amazonaws.com"}
          t|base64: secret                      ; {"t":"c2VjcmV0"}               ; {"t":"secret"}
          t|base64|contains: secret             ; {"t":"x c2VjcmV0 y"}           ; {"t":"x c2VjcmV y"}
          t|base64offset|contains: secret       ; {"t":"c2VjcmV0"}               ; {"t":"c2VjcmV"}
          t|base64offset|contains: secret       ; {"t":"eHNlY3JldA=="}           ; {"t":"eHNlY3Jl"}
          t|base64offset|contains: secret       ; {"t":"eHhzZWNyZXQ="}           ; {"t":"eHhzZWNy"}
          t|wide|base64: cmd                    ; {"t":"YwBtAGQA"}               ; {"t":"Y21k"}
          t|utf16le|base64: cmd                 ; {"t":"YwBtAGQA"}               ; {"t":"AGMAbQBk"}
          t|utf16be|base64: cmd                 ; {"t":"AGMAbQBk"}               ; {"t":"YwBtAGQA"}
          t|utf16|base64: cmd                   ; {"t":"//5jAG0AZAA="}           ; {"t":"YwBtAGQA"}
          t|wide|base64offset|contains: cmd     ; {"t":"xxMAbQBkA"}              ; {"t":"xxYwBtAG"}
          t|wide: ab                            ; {"t":"a\\u0000b\\u0000"}       ; {"t":"ab"}
          t|windash: ' -f'                      ; {"t":" /f"}                    ; {"t":" +f"}
          t|windash: ' -f'                      ; {"t":" \\u2013F"}              ; {"t":" f"}
          t|contains|windash: '/a -b'           ; {"t":"x \\u2015a /b"}          ; {"t":"x -a b"}
          a|fieldref: b                         ; {"a":"Me","b":"mE"}            ; {"a":"me","b":"you"}
          a|fieldref: b                         ; {"a":[1,2],"b":[3,2]}          ; {"a":null,"b":null}
          a|fieldref|cased: b                   ; {"a":"me","b":"me"}            ; {"a":"me","b":"Me"}
          a|fieldref|neq: b                     ; {"a":"me","b":"you"}           ; {"a":"me","b":"ME"}
          a|fieldref|contains: b                ; {"a":"/home/Me/x","b":"mE"}    ; {"a":"/hom/m/e","b":"me"}
          a|fieldref|startswith: b              ; {"a":"me@host","b":"Me"}       ; {"a":"@me","b":"me"}
          a|fieldref|endswith: b                ; {"a":"run as ME","b":"me"}     ; {"a":"me too","b":"me"}
          a|fieldref|endswith|cased: b          ; {"a":"run as me","b":"me"}     ; {"a":"run as ME","b":"me"}
          a|fieldref|contains|neq: b            ; {"a":"xyz","b":"a"}            ; {"a":"xaz","b":"a"}
          a|fieldref|contains: b                ; {"a":["p","q"],"b":["r","q"]}  ; {"a":"p"}
          a|fieldref|all: [b, c]                ; {"a":[1,2],"b":1,"c":2}        ; {"a":[1,2],"b":1,"c":3}
          a|exists: true                        ; {"a":null}                     ; {"ab":1}
          a|exists: false                       ; {"ab":1}                       ; {"a":""}
          n|lt: 5                               ; {"n":4.9}                      ; {"n":5}
          n|lte: 5                              ; {"n":"5.0"}                    ; {"n":5.1}
          n|gt: 5                               ; {"n":5.1}                      ; {"n":5}
          n|gte: 5                              ; {"n":5}                        ; {"n":"five"}
          n|gt: -1.5                            ; {"n":-1}                       ; {"n":-2}
          n|gt: 9007199254740992                ; {"n":9007199254740993}         ; {"n":9007199254740992}
          t|minute: 59                          ; {"t":"2026-11-22T06:59:00Z"}   ; {"t":"2026-11-22T06:58:59Z"}
          t|hour: 6                             ; {"t":"2026-11-22T06:58:00Z"}   ; {"t":"2026-11-22T16:58:00Z"}
          t|hour: 6                             ; {"t":"2026-11-22 06:58:00.123+02:00"} ; {"t":"2026-11-22T04:58:00Z"}
          t|hour|gte: 20                        ; {"t":"2026-11-22T20:00:00.000Z"} ; {"t":"2026-11-22T19:59:59Z"}
          t|hour: [0, 1]                        ; {"t":"2026-11-22T01:00:00"}    ; {"t":"2026-11-22"}
          t|hour|neq: 6                         ; {"t":"2026-11-22T07:00:00Z"}   ; {"t":"2026-11-22T06:00:00Z"}
          t|day: 22                             ; {"t":"2026-11-22"}             ; {"t":"2026-11-23"}
          t|week: 1                             ; {"t":"2026-01-01T00:00:00Z"}   ; {"t":"2027-01-01T00:00:00Z"}
          t|month: 11                           ; {"t":"2026-11-22T06:58:00+0200"} ; {"t":"2026-13-22T06:58:00Z"}
          t|year: 2026                          ; {"t":"2026-11-22T06:58:00Z"}   ; {"t":"2026"}
          t|year|lt: 2026                       ; {"t":"2025-12-31T23:59:59Z"}   ; {"t":"2026-01-01T00:00:00Z"}
          n|neq: 5                              ; {"n":6}                        ; {"n":5}
          n|neq: [5, 6]                         ; {"n":7}                        ; {"n":6}
          n|neq: null                           ; {"n":7}                        ; {"m":6}
          t|contains|neq: x                     ; {"t":"abc"}                    ; {"t":"axc"}
          t|expand: 'a\\%b'                     ; {"t":"a%b"}                    ; {"t":"a\\\\%b"}
          t: '%a%'                              ; {"t":"%a%"}                    ; {"t":"a"}
          """)
  void aModifierPassesAHitAndRefusesANearMiss(String line, String hit, String nearMiss) {
    assertThat(matches(search(line), hit)).as("hit").isTrue();
    assertThat(matches(search(line), nearMiss)).as("near miss").isFalse();
  }

  @Test
  void allValuesOfAListMayBeFoundInDifferentElements() {
    assertThat(matches(search("t|contains|all: [a, b]"), "{\"t\":[\"a\",\"b\"]}")).isTrue();
  }

  @Test
  void aNumberIsTheTextThatWasWritten() {
    assertThat(matches(search("n: 0x17"), "{\"n\":\"0x17\"}")).isTrue();
    assertThat(matches(search("n: 0x17"), "{\"n\":23}")).isFalse();
  }

  @Test
  void aHostileNumberIsNotANumberAndCostsNothing() {
    assertThat(matches(search("n|gt: 5"), "{\"n\":\"1e999999999\"}")).isTrue();
    assertThat(matches(search("n|gt: 5"), "{\"n\":\"1e99999999999\"}")).isFalse();
    assertThat(matches(search("n|gt: 5"), "{\"n\":\"" + "9".repeat(1000) + "\"}")).isFalse();
  }
}
