using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace EdgeGateway.Configuration;

/// <summary>The forms of ids and codes that OCPI and OCPP prescribe.</summary>
internal static partial class Forms
{
    /// <summary>OCPI CiString: printable ASCII, no blank at either end.</summary>
    public static readonly Form CiString = new(CiStringPattern, "printable ASCII characters");

    public static readonly Form Country = new(CountryPattern, "a country of ISO 3166-1 alpha-3, for example DEU");
    public static readonly Form CountryCode = new(CountryCodePattern, "a country of ISO 3166-1 alpha-2, for example DE");
    public static readonly Form PartyId = new(PartyIdPattern, "three letters or digits, for example ABC");

    /// <summary>A path segment and the user of Basic auth at once, so neither slash nor colon (OCPP 2.0.1 identifierString less ':').</summary>
    public static readonly Form StationId = new(StationIdPattern, "letters, digits and any of * - _ = + | @ .");

    /// <summary>eMI3; a CDR cannot do without it (LO3).</summary>
    public static readonly Form EvseId = new(EvseIdPattern, "an EVSE id such as DE*ABC*E1001*1");
    public static readonly Form HubName = new(HubNamePattern, "letters, digits, '-', '_' and '.'");
    public static readonly Form Language = new(LanguagePattern, "a language of ISO 639-1, for example de");

    public static bool IsCountry(string alpha2) => Alpha3ByAlpha2.ContainsKey(alpha2.ToUpperInvariant());

    public static bool IsCountry3(string alpha3) => Alpha3.Contains(alpha3);

    [GeneratedRegex("^[!-~]([ -~]*[!-~])?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CiStringPattern { get; }

    [GeneratedRegex("^[A-Z]{3}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CountryPattern { get; }

    [GeneratedRegex("^[A-Za-z]{2}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CountryCodePattern { get; }

    [GeneratedRegex("^[A-Za-z0-9]{3}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PartyIdPattern { get; }

    [GeneratedRegex(@"^[A-Za-z0-9*\-_=+|@.]+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StationIdPattern { get; }

    [GeneratedRegex(@"^[A-Za-z]{2}\*?[A-Za-z0-9]{3}\*?[Ee][A-Za-z0-9*]{1,40}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EvseIdPattern { get; }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9\-_.]*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HubNamePattern { get; }

    [GeneratedRegex("^[A-Za-z]{2}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LanguagePattern { get; }

    // ISO 3166-1, alpha-2 and alpha-3 in one word; XK is what the field uses for Kosovo. The framework's own list is off (InvariantGlobalization).
    private const string Countries =
        "ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR " +
        "BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL " +
        "CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH " +
        "FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS GTGTM GUGUM " +
        "GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN " +
        "KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO " +
        "MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL " +
        "NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM PNPCN PRPRI PSPSE PTPRT " +
        "PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR " +
        "SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR " +
        "UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM XKXKX YEYEM YTMYT ZAZAF ZMZMB ZWZWE";

    private static readonly FrozenDictionary<string, string> Alpha3ByAlpha2 =
        Countries.Split(' ').ToFrozenDictionary(c => c[..2], c => c[2..], StringComparer.Ordinal);

    private static readonly FrozenSet<string> Alpha3 = Alpha3ByAlpha2.Values.ToFrozenSet(StringComparer.Ordinal);
}
