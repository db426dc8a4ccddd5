/**
 * The keys an emulator signs with, the same in every copy: published, so that tests are deterministic, and so worth
 * nothing. Do not trust them anywhere else.
 */

/** @category models */
export interface WellKnownKey {
  /** SHA-1 thumbprint of the certificate, which is the key id too. */
  readonly thumbprint: string
  /** DER as base64. */
  readonly certificate: string
  /** RSA private key by its registered members. */
  readonly jwk: Readonly<Record<"n" | "e" | "d" | "p" | "q" | "dp" | "dq" | "qi", string>>
}

/** @category constants */
export const wellKnownKeys: ReadonlyArray<WellKnownKey> = [
  {
    thumbprint: "UUwfIzdGhMIC36mWx3tcUSijkb0",
    certificate: "MIIC1TCCAb2gAwIBAgIBATANBgkqhkiG9w0BAQsFADArMSkwJwYDVQQDEyBHcmFudHdvcmsgZW11bGF0b3Igc2lnbmluZyBrZXkg"
      + "MTAgFw0yNTAxMDEwMDAwMDBaGA8yMTI1MDEwMTAwMDAwMFowKzEpMCcGA1UEAxMgR3JhbnR3b3JrIGVtdWxhdG9yIHNpZ25pbmcg"
      + "a2V5IDEwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQC33Fk6SCTAEwLd2ea3sKaGrQ08iJhYU9kalaSNNZ8mOe9qWvVB"
      + "rnmvIwqXuo0bQNts5F13FQbtUenycHpozogazCzuzCwxQjOFJ2WcHyA4oInM2WXLvmRGkvGRmBrVv5Fj4CkO6scIz62oXRW2MQy2"
      + "LDzpX029zKJzB1i1tcQgOoW5YmvFFEIznWg66faHWEXaVkXQTI45DUfC54w8kPZWEiAgjDIlLQhbGGG8nppztnVnsHBvKamLF69f"
      + "ts6nboZ994vzoJ/7G99oMXPnH4dCVK+CyWjf+3GhFYQPIayRFKRCb6aRdss/3Yo30z4C0M+Ylqn5ATaNxZDXYssasYTRAgMBAAGj"
      + "AjAAMA0GCSqGSIb3DQEBCwUAA4IBAQAW66hmPwYdh5qIrA3eFTnl9/Hf8KSDFBF0hCVC5NKmMx8I5rOG5XhpCsYmRWz3ckKu0fBm"
      + "2q6faHMT4ucG3HbSqv1IR+4UzpK08bRKZllTW0McqFKtKc0suupZwB6I4xlJKVX8Sg4IJFXSLEv1IzeFba1Sg3l0GDeP5zvbJr9N"
      + "MSzJxLjalG+EaPl9iG2V4P1dnJTRMzy8CsAB3rEd5MKnWsb3h2qhGEtpRBnsYRuq/+sg2DS12olsoUwEcKiBv1eF+dbDm4S/K8Fd"
      + "2EnzHLWnZyvSFtIvYkzCGNIL5X/MGeKaLMeP5yLha2fGp2XY3kQt3ySXVucnJgq/LdDuk1Tr",
    jwk: {
      n: "t9xZOkgkwBMC3dnmt7Cmhq0NPIiYWFPZGpWkjTWfJjnvalr1Qa55ryMKl7qNG0DbbORddxUG7VHp8nB6aM6IGsws7swsMUIzhSdl"
        + "nB8gOKCJzNlly75kRpLxkZga1b-RY-ApDurHCM-tqF0VtjEMtiw86V9NvcyicwdYtbXEIDqFuWJrxRRCM51oOun2h1hF2lZF0EyO"
        + "OQ1HwueMPJD2VhIgIIwyJS0IWxhhvJ6ac7Z1Z7BwbympixevX7bOp26GffeL86Cf-xvfaDFz5x-HQlSvgslo3_txoRWEDyGskRSk"
        + "Qm-mkXbLP92KN9M-AtDPmJap-QE2jcWQ12LLGrGE0Q",
      e: "AQAB",
      d: "QEi4odoLj2SWQf8n3d3Tu47R6_JOYcOfSt47VGwFIxZqkSMQUVCxlvyHfZlqMLcygRYvX61oaJ2VUIDnK7HagJQWub-FTAu7e7jU"
        + "nAt99o6a35a7Mst0wAAsmh02dLmwGd2MPXz07i2-p_kz2Cm6Kg-5lFcQFWZw_gr5hz7wPdvgDmtS9hFSXZY0YaIBj2c2SBV8Rone"
        + "Y3ldw0LQGTpPOypYjyhe-Szv-xFxoFiFqjLn-rG82jCpu32BwQPkPOrV0MC3tvucVHL5z3RWef3GPmuAqOczzqvZQJrz_AMLiB9_"
        + "1XO7sj2EQbaoAVjkxMdPH3w6okyZ1FHAARkVLPNoyQ",
      p: "7NH6tWGOHsnX8rpW-HLjxHiPIqQ8vabtxDCkOSov94AP8NgNEqRa72PoDFMXsw4mbAR1OW-YitPPgW8EDFtnsPpy8qLy9fZLb389"
        + "A6PVgvjRWJNKs-1haBPiMPSeFzW-OGWgk9k4sivBH4Y8LlmJwFfGVdeyC0fGplcsCRMnoBc",
      q: "xsBaoCP5KZ1hbGM1lFpLjTXDERKnkVIyzkMAOzrXDuhQNuh-m5CB6a9KeAascUD0w2jMWM5kaOAXYz-IiU9G6N5dSjJowvoTBUcR"
        + "YBTxqg7oDmDwaN3H0maFHvaYUvsWsg7dfqp3AO7O1xBo5XTP4CRr2C4Cah40foukYGgD61c",
      dp: "S39hmsOACGa2toYbRddyr2bz0spjJt75u-r539OIOTIVYuWtvTyyVNEX4B35VzbynssJCAeArPl7lLrsonfdZbliPeIe7LTZNbFt"
        + "pSRs4_Uo4EEMtrG9tO1p1cuWPrX-b4JOn_PHNF3okoE73FblKHGTJDjAZQI73Tm7KyV1I38",
      dq: "Yfz98UwrENhV6vEyvlSSQSmLZcRztxL2l3izCYCl_OSOf7O6kAn78vGIXoqzxBaJVjo53WLMYGRzQ2xUbZYXWMIg7m7R9acDb6ut"
        + "JljNGNHGmSgz_w-w78u5wB1F1kuS0fDARS3YBC647ZFalh40SsbKIMf2SslfijBgt2Mw43s",
      qi: "ZRAsbAK8NWOT4pP1KCSICDLycSFvCEvitKQXHC03w0cN5t0kjgVNavfy2tFe5afPx-uL1A_4qi7j1ibkXvixRC2_jNBnoBds125e"
        + "zcO-Hiy-MXjz5gpvAdPbSF-J7_MO1XSLs--Mt2ARnQowp6YxZZQesPIjjSDeO4gBhnV5R6s"
    }
  },
  {
    thumbprint: "i-AnveKyaB6tjeLptumdmhK37h4",
    certificate: "MIIC1TCCAb2gAwIBAgIBAjANBgkqhkiG9w0BAQsFADArMSkwJwYDVQQDEyBHcmFudHdvcmsgZW11bGF0b3Igc2lnbmluZyBrZXkg"
      + "MjAgFw0yNTAxMDEwMDAwMDBaGA8yMTI1MDEwMTAwMDAwMFowKzEpMCcGA1UEAxMgR3JhbnR3b3JrIGVtdWxhdG9yIHNpZ25pbmcg"
      + "a2V5IDIwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDTOKjJ/ms3iuca1GcOQ6yKt9BdRVa/EWmWFwZS/92biAe20dsO"
      + "/KbmkBJSYkNScEPAu/m98cLTUR59r+HzrPQ61lVLcnXgkN1ZHFPy0rPxyuUBm/W+k5ZRDj16fWfUlI/g9IB4sw+Yz29fcRtuqVbx"
      + "D+9wkQNThYaR7ZTAWKgbB1Egib36fNJDuX49r+rYA8fK00NIA2inhYD2L9kxZmDoLBeFLUd0oRhhpi8vmRrOHOBHwN2z01QA9QnV"
      + "vGdMs5qHGKDIIvoNv5q2LAvy2hG3tyQ2ZrhxhGnzRgDaVNbs+bwZjxg4gj/64emtRK1P6t8E1PraRdnVKwpm9ZAbmHfVAgMBAAGj"
      + "AjAAMA0GCSqGSIb3DQEBCwUAA4IBAQAGRiJMuX9OqTSMmGL2abi9PZMy9rQA/rq1cdVc6TXDPeHPWxcxFcrr6HdMVRNrlqf5Z4K2"
      + "ZASk6sHoIsSLvZpqc4yUArWpR2S2Q1AblQE9BSN1Fv0YvWIDjPakFqRTKk9GCl2i/AcyG6cYrOoPJwQ2HTsjt8zxAyMGgxIIWdo/"
      + "5m5q9wNVPJxuKO0/p8fR6NvX2AdwVuSJ9J+SByPF1BHYYQxMhlrOePp15FuqOvPR3lM3FBZdCaaeW7Z7vKbarVLczxrwo1fdv82G"
      + "SZkm58v4ZqKJEVYSH5MT68vWnqcPVbrgyVN2wra/f8wIXRjSBLbYnELbSTQJhogJ8E+J6/PW",
    jwk: {
      n: "0zioyf5rN4rnGtRnDkOsirfQXUVWvxFplhcGUv_dm4gHttHbDvym5pASUmJDUnBDwLv5vfHC01Eefa_h86z0OtZVS3J14JDdWRxT"
        + "8tKz8crlAZv1vpOWUQ49en1n1JSP4PSAeLMPmM9vX3EbbqlW8Q_vcJEDU4WGke2UwFioGwdRIIm9-nzSQ7l-Pa_q2APHytNDSANo"
        + "p4WA9i_ZMWZg6CwXhS1HdKEYYaYvL5kazhzgR8Dds9NUAPUJ1bxnTLOahxigyCL6Db-atiwL8toRt7ckNma4cYRp80YA2lTW7Pm8"
        + "GY8YOII_-uHprUStT-rfBNT62kXZ1SsKZvWQG5h31Q",
      e: "AQAB",
      d: "A7n4IXWhq_qYmry1ZmFX6BSdeyWYnSZBoWXvOsPpT0zU2rygQszWNvjaLv1Eiz9htM6NpEXtJMcuR3yR2BTD7nvOvJvifVPPgEZJ"
        + "Wcb0I1A9SilL6mJTYIkqjYCJtkbo4xorvSnD7nN3KMdQY7h1vYgFNqOxxKWYMjz7Bub6-KJYJKP4_AxXP43tWgKqQLpZyD3DfHnE"
        + "nxUrmH65SpOLYsFyvQUVDXjzfkVEokjprTYi4Y3wtRAdvXI4j-xNorocsts3xbpW4Y1WNm0mOKgRlPIhyHH3FiXOGQzgIJgMTTds"
        + "5jn-yZ44SyjISh6RK-XaW1PfwoebSrZhSysPGf8Qqw",
      p: "-PFYLkutM-7GvmypCXGOyx7Jauw0KxOvRZn52R90iii5I6jynhBMAa-eguBjBDF3xtw5JEidI6acOoLWcTi7r2JCiAgt_EzsOcAe"
        + "nCR36WZ6ZbGiYv2DhopjsQjTcQNiiMbR9Cp6aVgd9HT-WynXigOUXnc6jTkUcDcQKhOe8NM",
      q: "2TWPBNBnP6wTC6xZhMtL18G5-gAMoUuVJfKO1TijHa74e-8HP5YRdzN8m9APuPfjFWcKeBy9qjHrB23rgOznu1i0dtdCwy8mdaKH"
        + "9FAGa8N6RpFh9eE5BY8X2oc-eZbsoQIWqF9TnD2VolqTGxX6Rsjc0PPn5zQwXXCPa_oRy7c",
      dp: "7lo-YQ1KSAgeOKNXcdhNrUPL_FkuVfRiBBU6eN46OjJlmbQgoKDf9VlOPudTRueKVFf1Sj1QX5sdyJQPeJamdXVyWEbkqMaKA31k"
        + "kYIFYe8h0A61eWxcK0yDyTS3JmTkSit7SPoG_KhG_hGqnGTCn71vqMclw6PcYtkF3BOvQcs",
      dq: "CILYv8-KvCv58xMlztZIeoPUzb8Cv68-gOYoQqKdgaRBiFmtZwhyVsFluJVGiHDuLQCEoIA_zlN2aiwcdkjSK70mFSIKM6u9Tg64"
        + "VRJtrftS50D7Ha9dlKIuxRlXkVwgmY6DZMWXeR_QpTP3X7BUxkFIpcdo5t5cpsyqUgjSebE",
      qi: "uzgR4YuxUmEpUrnsnvwtMNOa6EGAVye5764ytyw-9S491gEJjrhgCLrPJa573FWznvgFEt3IXJNfZtvCiCbNzeWpZOSP49lrNTmb"
        + "HcucbqFszvI2-m5nGscPdOviFRB0Lap9eJyUKUHuI5zdqs9rLXdBd4PktRf2F4lJOclsvLU"
    }
  },
  {
    thumbprint: "lEga37SV1PwBdFosllkR106gX0o",
    certificate: "MIIC1TCCAb2gAwIBAgIBAzANBgkqhkiG9w0BAQsFADArMSkwJwYDVQQDEyBHcmFudHdvcmsgZW11bGF0b3Igc2lnbmluZyBrZXkg"
      + "MzAgFw0yNTAxMDEwMDAwMDBaGA8yMTI1MDEwMTAwMDAwMFowKzEpMCcGA1UEAxMgR3JhbnR3b3JrIGVtdWxhdG9yIHNpZ25pbmcg"
      + "a2V5IDMwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQC5A8Izs80FMkDgDb5pGb2TB/0gTU42AGmqUuf1LDdPenXGQOMP"
      + "M72sHTfBf8kcp0P6X5kdBm+XOdM6K/4pYRJe6KpcZwJgZfmyvzDoHSdCuscBVsQOhqu1r9m5rnnYU7ORRThlYpkB2niPfXn7GLaJ"
      + "LGRZETXpYYsy6qWtJckTN1cOChLy9Vq/tJRFYxe07lw957Wp5xgaQvAwniFouApXNUbtobstqyRP9D73QA6A7rY9cugRhDg8KfVN"
      + "AuO+/Qvdso9TsSBlWuwuGm/odYotKiAlPjrMVK1yhxJ+sFITRZ8jkPW/FOMncIleXqaiCNgx4ibDMaxXb9gX1gituw17AgMBAAGj"
      + "AjAAMA0GCSqGSIb3DQEBCwUAA4IBAQBfJlNa4xhvouOMoWIe/tYnaUBYorm1I3n/gB58c9QtENoHduGSLOOExMRuPawdWN3D9cOE"
      + "HJH9rOX6MvM4e1nLABJRKBo2wv5aqc29Gi9CxEeq02A+E0ghNEkA8o4OY3DWfVmG0r8AjBBHA3JEan8W034SN8OjIoNgzJkzVsVL"
      + "lKw3Vjc8wKOJ4nIh8Hv54G+NUxd40PX8lyo7yqQ4u0RSkvtnrso831ZNaLO4yevMmwxUOJ/5yUWBU91hFIDuAY0WxX/dsaBo2pvC"
      + "ODIPYFoq7X3kbbWzmG3AfjIEf4Uj7fIcn1ezTZcY9os9jAcEFKNdX41zI6uVpCpckMwnxBlw",
    jwk: {
      n: "uQPCM7PNBTJA4A2-aRm9kwf9IE1ONgBpqlLn9Sw3T3p1xkDjDzO9rB03wX_JHKdD-l-ZHQZvlznTOiv-KWESXuiqXGcCYGX5sr8w"
        + "6B0nQrrHAVbEDoarta_Zua552FOzkUU4ZWKZAdp4j315-xi2iSxkWRE16WGLMuqlrSXJEzdXDgoS8vVav7SURWMXtO5cPee1qecY"
        + "GkLwMJ4haLgKVzVG7aG7LaskT_Q-90AOgO62PXLoEYQ4PCn1TQLjvv0L3bKPU7EgZVrsLhpv6HWKLSogJT46zFStcocSfrBSE0Wf"
        + "I5D1vxTjJ3CJXl6mogjYMeImwzGsV2_YF9YIrbsNew",
      e: "AQAB",
      d: "C9zL1NjQambgdf0rmj2GRCkc97c9LoU0QTFzoeql2Ti22HFMnarpnGF7M7LnyCiJWUJL5OqGuSGCA5bSgwCwVtmAItCP_HJNYkKT"
        + "9i34WHT1UYaop23HEK0nvpoLQe2L8-KGTSnXOaEyXbDj40-gVIc-H9_UnxQcArW8za9AhzTG8o3S6m1bgPc-pIPRtK4TYsEYSFX0"
        + "fxk_t5MGOa3z4yr5VnttI6SfGYvMWyYTlaSZEsxKYP9j0Q-ak8m9G11eSlTnPbFHRe0aHDECWsqHyoOxY1nJC5xX_gM7LZqP2XKx"
        + "DX0I0GAe1bPmphft3iTfcIjHvRuFGlrReZ0hgS-goQ",
      p: "-5EgTz8Uul1S7RGEu3if7H6okJodrdMw7NqXXQ9jkEY5fDyAVV-wUlFRdS4RFqHMv3Q8uX5faif9Ycb4pa504TzMwcUlvepoC82Q"
        + "XilXTcBdaAt-sIEzaoD5-r06lPsP_UQNLxhQZY1mN_FKZvrTL9OxMvER6TCYmgs0IlfUfWM",
      q: "vEZmkV1ZgK84nVkA84nvosAR_5FLnl0j3_NJEFajdbvCnWXniyV69TK7SQ7ae9lF3XqJk0N4V53GPz4hlR4mWDer1Hc9dz4f1fD7"
        + "O073FneNuvYY85sZPmncdt385mZm8yJIDXr3tuFlzbXJULUOFTaT4BalqLf3DgPxw1iiVwk",
      dp: "HN6lx5JkrZKCLsSg5-bK65gJfjbBiy4-YiAf2MUoVulINZK345RMptXANGNqAJ_m4F3VjjALgSI_uNXduR3ROfwBP4eBck8RS7F2"
        + "jOfPphOaZJNVIapiHSnaBkVrEKfTSOxjWvE-YLkebvMY58KHM-jmYAM8W_eAu8TnYb2UnCM",
      dq: "ms3P--ojc3mfNVE_RP-_d7QxmE9hO78dhkBFbRevo1hUtpJZhcG1jfK-p119K6QEnAzrHZi2VGQ34zw05KU7pgFwWWwJsAf2qTRR"
        + "ffx5kZGPiZBcB8EZSoZEbcAs90xvja48TEk1cLt3t2KnOqMEB1Eu2WwFnepVSsLXgGVaZfE",
      qi: "G1LX_J7hb4SN-WMjWOE5rrXNskf28W6wZKIJlgn3g5rYqVcqzMAZxL6C6j6lcYm9OYmCLZoES3K5ha_RuNVkEtEBOBZJU9Jsn-gI"
        + "0Xfm0dtJ7S5DMJ45eQkHYaTPKrM3zVvdXJi58mMrLusIJ86bC6qfOzF46HuXLhMRlySmCnQ"
    }
  },
  {
    thumbprint: "pvyWyITsXgn5Q6C6I-KGqnub79g",
    certificate: "MIIC1TCCAb2gAwIBAgIBBDANBgkqhkiG9w0BAQsFADArMSkwJwYDVQQDEyBHcmFudHdvcmsgZW11bGF0b3Igc2lnbmluZyBrZXkg"
      + "NDAgFw0yNTAxMDEwMDAwMDBaGA8yMTI1MDEwMTAwMDAwMFowKzEpMCcGA1UEAxMgR3JhbnR3b3JrIGVtdWxhdG9yIHNpZ25pbmcg"
      + "a2V5IDQwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQCTNt4gtKN0rxd4j9viKkWp8D1zpkC0sIEv8hh7iI/p2nA4MFGr"
      + "rkptHLtslkGIzqtd7xmDm8zXxupBw7lNgEV/DLWiBvpSBNUUFwnNQfUGNLZ9f1LNnvAvOrrnsMcc6c4XcIhTjlc8gOglupCt1/aj"
      + "oM2qOvW49ELPqmsbty98mq1GNxtZBkgamuiTpJKYHMalNYf51K9SI0kqKqylKoncD+kgZQxvBYUiM/A1FWvO2cto+Ay+bMISe0eC"
      + "0XphlMavxlRTxqWC+6r8TlzeNQxE++v9xr+71pq/YcqnPAIQeaHN+Gn4f/NQ7GiFaaQ/t9DppCskH2sLhRu6qS4eUWTvAgMBAAGj"
      + "AjAAMA0GCSqGSIb3DQEBCwUAA4IBAQBIhvwaawu28rIhd5zu9LRnzf6pM9TD9Fyxe8ui9vDTGDdzhwBl0l4OGJgmU0P+Eg7waGk5"
      + "/uqaqNf58RrFbK6RGAvyMWnhMtuS+ZAkiWAyBNn+oelsaH8ey2lR5s+0DJ0HiBVhjEa6a7TKFy1CFvmXAA/1V8dpcXNu3lYeGMgp"
      + "VMw9f2a9QVRwLFDu5zqq0iUwCxpqimmK8N5rZITYue2BaSjUsyzzLpzjgxoMtpSV9CsHKlGdQ8g5n5jxdtXkDEuyK8Eo52XmD90M"
      + "c/WoM3P2y9g/cj/fbJjuLtIm4csDWMLY4vt+KNgu3YBXmdGZPPObxTrfs/xsQxgZM2iXjJKR",
    jwk: {
      n: "kzbeILSjdK8XeI_b4ipFqfA9c6ZAtLCBL_IYe4iP6dpwODBRq65KbRy7bJZBiM6rXe8Zg5vM18bqQcO5TYBFfwy1ogb6UgTVFBcJ"
        + "zUH1BjS2fX9SzZ7wLzq657DHHOnOF3CIU45XPIDoJbqQrdf2o6DNqjr1uPRCz6prG7cvfJqtRjcbWQZIGprok6SSmBzGpTWH-dSv"
        + "UiNJKiqspSqJ3A_pIGUMbwWFIjPwNRVrztnLaPgMvmzCEntHgtF6YZTGr8ZUU8algvuq_E5c3jUMRPvr_ca_u9aav2HKpzwCEHmh"
        + "zfhp-H_zUOxohWmkP7fQ6aQrJB9rC4UbuqkuHlFk7w",
      e: "AQAB",
      d: "AoeAzYMNA-Y2OwYNuxcK116fT6tdlT0rGw3HyeeQwW3VW8HIxXBbKwDBX549RgJ3A0gmYhJ9NH_ganzYZDJ9_y7SuBPynRIkLxIu"
        + "Qu6NLSwero1PeOTwL3-M0opBAYgq2FBAp17ctNdqJavM7I-3VxxeLDyTGDhqJXNCH9nH4RYok3-4eWJMSOEpgHguXjrJ-MhSKnr1"
        + "Hn2yL5D70jpApMDim3M15zPKoxh9C22nslfVONvI44x_3PWKRT2R8lV4OgFTFWAcqPObDg-tDyyBtnKeT_xAdwfzgj7aBjM78vXu"
        + "VBi5Hsv4mqwgJsRyHmJiR8mM4oNbIk6oCXitZJKHIQ",
      p: "x-Yi2tAzv_haEsvmNMXmHfMulaND70uq9zrAjrbk7cACbYb_hvlJe4Mh1JFut8GaHNuDkNDtXe1wAeWqxBLfLPvU8xQm7zq2m0eB"
        + "ds9xvEg3aqbo80IoaJp1ZKo4zkOydCx2Xyfj0BKmfVec5dNYhC7qpJDU75zwBYn-XlBPbck",
      q: "vIeSNkefrg-8bbxysdk5y84nA-O5T2IirmiOLZHzHBu0gW8mdtC-zWX5-gKGnjnqwCEBgCvueS8u6gpRL0gFgFvU8Mba0N5DPbUW"
        + "wtodmPprNbiABtdBZe-kCeX9tkGqPRWsgg6oGKOBwLAqNkb41uvfHRGlDI9ecY6hEP-WuPc",
      dp: "r85A_Tx7JuyfG0TkU6lw9wo3ADe0ubJMzF6Jl3pW4JosCHPgK67253-usyqsu0Oz7IlKroRxHliCV8jLZOJMEV3yLU6d52w1yV8c"
        + "B4fuOW8x_cSJv9eBfm3JrRzgFNgJDI9GE-4bN5YPgtEZFi_H-4jfqJgQDiRyHAz-_6eWE7E",
      dq: "Fzk4CJmwENf9ZSMmmcPhe7qMUc1WgXHcRdG5WeG1qcu744nWmiJCrriWH3b6MDmAMmSec7R1rtXiGJBmycU8cEBfrb1BLSOD8vEA"
        + "ucX2iWanmDl_A9i2RKFNeq6rHy1dlCK8WlUF3eseS6cnvAHoG0l49XK7-x0aDDD-pEJnxac",
      qi: "gcWE1nqRmN9oiKwAHZFwXKueTUNkYWs1YexeDaIHVEjGW3EBAgPA1OoasL4B18tA6Bf_uR3pjJADNioP93mwfEZagNEfsczTrEIG"
        + "Bxt7eftlNuwWyOfQrE1-OCo-JTIBvM9RXX97DhZuuBu3lvUNZvUiNhMXoiFaXY8ss0ojda8"
    }
  }
]
