namespace MatterNano.Gate.Samples;

// One more than fits into a byte.
internal static class BadSizes
{
    public static int Arguments( // gate: method-size
        int a0, int a1, int a2, int a3, int a4, int a5, int a6, int a7, int a8, int a9, int a10, int a11, int a12, int a13, int a14, int a15, int a16,
        int a17, int a18, int a19, int a20, int a21, int a22, int a23, int a24, int a25, int a26, int a27, int a28, int a29, int a30, int a31, int
        a32, int a33, int a34, int a35, int a36, int a37, int a38, int a39, int a40, int a41, int a42, int a43, int a44, int a45, int a46, int a47,
        int a48, int a49, int a50, int a51, int a52, int a53, int a54, int a55, int a56, int a57, int a58, int a59, int a60, int a61, int a62, int
        a63, int a64, int a65, int a66, int a67, int a68, int a69, int a70, int a71, int a72, int a73, int a74, int a75, int a76, int a77, int a78,
        int a79, int a80, int a81, int a82, int a83, int a84, int a85, int a86, int a87, int a88, int a89, int a90, int a91, int a92, int a93, int
        a94, int a95, int a96, int a97, int a98, int a99, int a100, int a101, int a102, int a103, int a104, int a105, int a106, int a107, int a108,
        int a109, int a110, int a111, int a112, int a113, int a114, int a115, int a116, int a117, int a118, int a119, int a120, int a121, int a122,
        int a123, int a124, int a125, int a126, int a127, int a128, int a129, int a130, int a131, int a132, int a133, int a134, int a135, int a136,
        int a137, int a138, int a139, int a140, int a141, int a142, int a143, int a144, int a145, int a146, int a147, int a148, int a149, int a150,
        int a151, int a152, int a153, int a154, int a155, int a156, int a157, int a158, int a159, int a160, int a161, int a162, int a163, int a164,
        int a165, int a166, int a167, int a168, int a169, int a170, int a171, int a172, int a173, int a174, int a175, int a176, int a177, int a178,
        int a179, int a180, int a181, int a182, int a183, int a184, int a185, int a186, int a187, int a188, int a189, int a190, int a191, int a192,
        int a193, int a194, int a195, int a196, int a197, int a198, int a199, int a200, int a201, int a202, int a203, int a204, int a205, int a206,
        int a207, int a208, int a209, int a210, int a211, int a212, int a213, int a214, int a215, int a216, int a217, int a218, int a219, int a220,
        int a221, int a222, int a223, int a224, int a225, int a226, int a227, int a228, int a229, int a230, int a231, int a232, int a233, int a234,
        int a235, int a236, int a237, int a238, int a239, int a240, int a241, int a242, int a243, int a244, int a245, int a246, int a247, int a248,
        int a249, int a250, int a251, int a252, int a253, int a254, int a255)
    {
        return a0;
    }

    public static int Locals() // gate: method-size
    {
        int
            a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0, a6 = 0, a7 = 0, a8 = 0, a9 = 0, a10 = 0, a11 = 0, a12 = 0, a13 = 0, a14 = 0, a15 = 0, a16
            = 0, a17 = 0, a18 = 0, a19 = 0, a20 = 0, a21 = 0, a22 = 0, a23 = 0, a24 = 0, a25 = 0, a26 = 0, a27 = 0, a28 = 0, a29 = 0, a30 = 0, a31 =
            0, a32 = 0, a33 = 0, a34 = 0, a35 = 0, a36 = 0, a37 = 0, a38 = 0, a39 = 0, a40 = 0, a41 = 0, a42 = 0, a43 = 0, a44 = 0, a45 = 0, a46 = 0,
            a47 = 0, a48 = 0, a49 = 0, a50 = 0, a51 = 0, a52 = 0, a53 = 0, a54 = 0, a55 = 0, a56 = 0, a57 = 0, a58 = 0, a59 = 0, a60 = 0, a61 = 0, a62
            = 0, a63 = 0, a64 = 0, a65 = 0, a66 = 0, a67 = 0, a68 = 0, a69 = 0, a70 = 0, a71 = 0, a72 = 0, a73 = 0, a74 = 0, a75 = 0, a76 = 0, a77 =
            0, a78 = 0, a79 = 0, a80 = 0, a81 = 0, a82 = 0, a83 = 0, a84 = 0, a85 = 0, a86 = 0, a87 = 0, a88 = 0, a89 = 0, a90 = 0, a91 = 0, a92 = 0,
            a93 = 0, a94 = 0, a95 = 0, a96 = 0, a97 = 0, a98 = 0, a99 = 0, a100 = 0, a101 = 0, a102 = 0, a103 = 0, a104 = 0, a105 = 0, a106 = 0, a107
            = 0, a108 = 0, a109 = 0, a110 = 0, a111 = 0, a112 = 0, a113 = 0, a114 = 0, a115 = 0, a116 = 0, a117 = 0, a118 = 0, a119 = 0, a120 = 0,
            a121 = 0, a122 = 0, a123 = 0, a124 = 0, a125 = 0, a126 = 0, a127 = 0, a128 = 0, a129 = 0, a130 = 0, a131 = 0, a132 = 0, a133 = 0, a134 =
            0, a135 = 0, a136 = 0, a137 = 0, a138 = 0, a139 = 0, a140 = 0, a141 = 0, a142 = 0, a143 = 0, a144 = 0, a145 = 0, a146 = 0, a147 = 0, a148
            = 0, a149 = 0, a150 = 0, a151 = 0, a152 = 0, a153 = 0, a154 = 0, a155 = 0, a156 = 0, a157 = 0, a158 = 0, a159 = 0, a160 = 0, a161 = 0,
            a162 = 0, a163 = 0, a164 = 0, a165 = 0, a166 = 0, a167 = 0, a168 = 0, a169 = 0, a170 = 0, a171 = 0, a172 = 0, a173 = 0, a174 = 0, a175 =
            0, a176 = 0, a177 = 0, a178 = 0, a179 = 0, a180 = 0, a181 = 0, a182 = 0, a183 = 0, a184 = 0, a185 = 0, a186 = 0, a187 = 0, a188 = 0, a189
            = 0, a190 = 0, a191 = 0, a192 = 0, a193 = 0, a194 = 0, a195 = 0, a196 = 0, a197 = 0, a198 = 0, a199 = 0, a200 = 0, a201 = 0, a202 = 0,
            a203 = 0, a204 = 0, a205 = 0, a206 = 0, a207 = 0, a208 = 0, a209 = 0, a210 = 0, a211 = 0, a212 = 0, a213 = 0, a214 = 0, a215 = 0, a216 =
            0, a217 = 0, a218 = 0, a219 = 0, a220 = 0, a221 = 0, a222 = 0, a223 = 0, a224 = 0, a225 = 0, a226 = 0, a227 = 0, a228 = 0, a229 = 0, a230
            = 0, a231 = 0, a232 = 0, a233 = 0, a234 = 0, a235 = 0, a236 = 0, a237 = 0, a238 = 0, a239 = 0, a240 = 0, a241 = 0, a242 = 0, a243 = 0,
            a244 = 0, a245 = 0, a246 = 0, a247 = 0, a248 = 0, a249 = 0, a250 = 0, a251 = 0, a252 = 0, a253 = 0, a254 = 0, a255 = 0;
        Touch(ref a0); Touch(ref a1); Touch(ref a2); Touch(ref a3); Touch(ref a4); Touch(ref a5); Touch(ref a6); Touch(ref a7); Touch(ref a8);
        Touch(ref a9); Touch(ref a10); Touch(ref a11); Touch(ref a12); Touch(ref a13); Touch(ref a14); Touch(ref a15); Touch(ref a16); Touch(ref a17);
        Touch(ref a18); Touch(ref a19); Touch(ref a20); Touch(ref a21); Touch(ref a22); Touch(ref a23); Touch(ref a24); Touch(ref a25); Touch(ref
        a26); Touch(ref a27); Touch(ref a28); Touch(ref a29); Touch(ref a30); Touch(ref a31); Touch(ref a32); Touch(ref a33); Touch(ref a34);
        Touch(ref a35); Touch(ref a36); Touch(ref a37); Touch(ref a38); Touch(ref a39); Touch(ref a40); Touch(ref a41); Touch(ref a42); Touch(ref
        a43); Touch(ref a44); Touch(ref a45); Touch(ref a46); Touch(ref a47); Touch(ref a48); Touch(ref a49); Touch(ref a50); Touch(ref a51);
        Touch(ref a52); Touch(ref a53); Touch(ref a54); Touch(ref a55); Touch(ref a56); Touch(ref a57); Touch(ref a58); Touch(ref a59); Touch(ref
        a60); Touch(ref a61); Touch(ref a62); Touch(ref a63); Touch(ref a64); Touch(ref a65); Touch(ref a66); Touch(ref a67); Touch(ref a68);
        Touch(ref a69); Touch(ref a70); Touch(ref a71); Touch(ref a72); Touch(ref a73); Touch(ref a74); Touch(ref a75); Touch(ref a76); Touch(ref
        a77); Touch(ref a78); Touch(ref a79); Touch(ref a80); Touch(ref a81); Touch(ref a82); Touch(ref a83); Touch(ref a84); Touch(ref a85);
        Touch(ref a86); Touch(ref a87); Touch(ref a88); Touch(ref a89); Touch(ref a90); Touch(ref a91); Touch(ref a92); Touch(ref a93); Touch(ref
        a94); Touch(ref a95); Touch(ref a96); Touch(ref a97); Touch(ref a98); Touch(ref a99); Touch(ref a100); Touch(ref a101); Touch(ref a102);
        Touch(ref a103); Touch(ref a104); Touch(ref a105); Touch(ref a106); Touch(ref a107); Touch(ref a108); Touch(ref a109); Touch(ref a110);
        Touch(ref a111); Touch(ref a112); Touch(ref a113); Touch(ref a114); Touch(ref a115); Touch(ref a116); Touch(ref a117); Touch(ref a118);
        Touch(ref a119); Touch(ref a120); Touch(ref a121); Touch(ref a122); Touch(ref a123); Touch(ref a124); Touch(ref a125); Touch(ref a126);
        Touch(ref a127); Touch(ref a128); Touch(ref a129); Touch(ref a130); Touch(ref a131); Touch(ref a132); Touch(ref a133); Touch(ref a134);
        Touch(ref a135); Touch(ref a136); Touch(ref a137); Touch(ref a138); Touch(ref a139); Touch(ref a140); Touch(ref a141); Touch(ref a142);
        Touch(ref a143); Touch(ref a144); Touch(ref a145); Touch(ref a146); Touch(ref a147); Touch(ref a148); Touch(ref a149); Touch(ref a150);
        Touch(ref a151); Touch(ref a152); Touch(ref a153); Touch(ref a154); Touch(ref a155); Touch(ref a156); Touch(ref a157); Touch(ref a158);
        Touch(ref a159); Touch(ref a160); Touch(ref a161); Touch(ref a162); Touch(ref a163); Touch(ref a164); Touch(ref a165); Touch(ref a166);
        Touch(ref a167); Touch(ref a168); Touch(ref a169); Touch(ref a170); Touch(ref a171); Touch(ref a172); Touch(ref a173); Touch(ref a174);
        Touch(ref a175); Touch(ref a176); Touch(ref a177); Touch(ref a178); Touch(ref a179); Touch(ref a180); Touch(ref a181); Touch(ref a182);
        Touch(ref a183); Touch(ref a184); Touch(ref a185); Touch(ref a186); Touch(ref a187); Touch(ref a188); Touch(ref a189); Touch(ref a190);
        Touch(ref a191); Touch(ref a192); Touch(ref a193); Touch(ref a194); Touch(ref a195); Touch(ref a196); Touch(ref a197); Touch(ref a198);
        Touch(ref a199); Touch(ref a200); Touch(ref a201); Touch(ref a202); Touch(ref a203); Touch(ref a204); Touch(ref a205); Touch(ref a206);
        Touch(ref a207); Touch(ref a208); Touch(ref a209); Touch(ref a210); Touch(ref a211); Touch(ref a212); Touch(ref a213); Touch(ref a214);
        Touch(ref a215); Touch(ref a216); Touch(ref a217); Touch(ref a218); Touch(ref a219); Touch(ref a220); Touch(ref a221); Touch(ref a222);
        Touch(ref a223); Touch(ref a224); Touch(ref a225); Touch(ref a226); Touch(ref a227); Touch(ref a228); Touch(ref a229); Touch(ref a230);
        Touch(ref a231); Touch(ref a232); Touch(ref a233); Touch(ref a234); Touch(ref a235); Touch(ref a236); Touch(ref a237); Touch(ref a238);
        Touch(ref a239); Touch(ref a240); Touch(ref a241); Touch(ref a242); Touch(ref a243); Touch(ref a244); Touch(ref a245); Touch(ref a246);
        Touch(ref a247); Touch(ref a248); Touch(ref a249); Touch(ref a250); Touch(ref a251); Touch(ref a252); Touch(ref a253); Touch(ref a254);
        Touch(ref a255);
        return a0;
    }

    public static int Cases(int value)
    {
        switch (value)
        {
            case 0: return 0; // gate: switch-size
            case 1: return 7;
            case 2: return 14;
            case 3: return 21;
            case 4: return 28;
            case 5: return 35;
            case 6: return 42;
            case 7: return 49;
            case 8: return 56;
            case 9: return 63;
            case 10: return 70;
            case 11: return 77;
            case 12: return 84;
            case 13: return 91;
            case 14: return 98;
            case 15: return 105;
            case 16: return 112;
            case 17: return 119;
            case 18: return 126;
            case 19: return 133;
            case 20: return 140;
            case 21: return 147;
            case 22: return 154;
            case 23: return 161;
            case 24: return 168;
            case 25: return 175;
            case 26: return 182;
            case 27: return 189;
            case 28: return 196;
            case 29: return 203;
            case 30: return 210;
            case 31: return 217;
            case 32: return 224;
            case 33: return 231;
            case 34: return 238;
            case 35: return 245;
            case 36: return 252;
            case 37: return 3;
            case 38: return 10;
            case 39: return 17;
            case 40: return 24;
            case 41: return 31;
            case 42: return 38;
            case 43: return 45;
            case 44: return 52;
            case 45: return 59;
            case 46: return 66;
            case 47: return 73;
            case 48: return 80;
            case 49: return 87;
            case 50: return 94;
            case 51: return 101;
            case 52: return 108;
            case 53: return 115;
            case 54: return 122;
            case 55: return 129;
            case 56: return 136;
            case 57: return 143;
            case 58: return 150;
            case 59: return 157;
            case 60: return 164;
            case 61: return 171;
            case 62: return 178;
            case 63: return 185;
            case 64: return 192;
            case 65: return 199;
            case 66: return 206;
            case 67: return 213;
            case 68: return 220;
            case 69: return 227;
            case 70: return 234;
            case 71: return 241;
            case 72: return 248;
            case 73: return 255;
            case 74: return 6;
            case 75: return 13;
            case 76: return 20;
            case 77: return 27;
            case 78: return 34;
            case 79: return 41;
            case 80: return 48;
            case 81: return 55;
            case 82: return 62;
            case 83: return 69;
            case 84: return 76;
            case 85: return 83;
            case 86: return 90;
            case 87: return 97;
            case 88: return 104;
            case 89: return 111;
            case 90: return 118;
            case 91: return 125;
            case 92: return 132;
            case 93: return 139;
            case 94: return 146;
            case 95: return 153;
            case 96: return 160;
            case 97: return 167;
            case 98: return 174;
            case 99: return 181;
            case 100: return 188;
            case 101: return 195;
            case 102: return 202;
            case 103: return 209;
            case 104: return 216;
            case 105: return 223;
            case 106: return 230;
            case 107: return 237;
            case 108: return 244;
            case 109: return 251;
            case 110: return 2;
            case 111: return 9;
            case 112: return 16;
            case 113: return 23;
            case 114: return 30;
            case 115: return 37;
            case 116: return 44;
            case 117: return 51;
            case 118: return 58;
            case 119: return 65;
            case 120: return 72;
            case 121: return 79;
            case 122: return 86;
            case 123: return 93;
            case 124: return 100;
            case 125: return 107;
            case 126: return 114;
            case 127: return 121;
            case 128: return 128;
            case 129: return 135;
            case 130: return 142;
            case 131: return 149;
            case 132: return 156;
            case 133: return 163;
            case 134: return 170;
            case 135: return 177;
            case 136: return 184;
            case 137: return 191;
            case 138: return 198;
            case 139: return 205;
            case 140: return 212;
            case 141: return 219;
            case 142: return 226;
            case 143: return 233;
            case 144: return 240;
            case 145: return 247;
            case 146: return 254;
            case 147: return 5;
            case 148: return 12;
            case 149: return 19;
            case 150: return 26;
            case 151: return 33;
            case 152: return 40;
            case 153: return 47;
            case 154: return 54;
            case 155: return 61;
            case 156: return 68;
            case 157: return 75;
            case 158: return 82;
            case 159: return 89;
            case 160: return 96;
            case 161: return 103;
            case 162: return 110;
            case 163: return 117;
            case 164: return 124;
            case 165: return 131;
            case 166: return 138;
            case 167: return 145;
            case 168: return 152;
            case 169: return 159;
            case 170: return 166;
            case 171: return 173;
            case 172: return 180;
            case 173: return 187;
            case 174: return 194;
            case 175: return 201;
            case 176: return 208;
            case 177: return 215;
            case 178: return 222;
            case 179: return 229;
            case 180: return 236;
            case 181: return 243;
            case 182: return 250;
            case 183: return 1;
            case 184: return 8;
            case 185: return 15;
            case 186: return 22;
            case 187: return 29;
            case 188: return 36;
            case 189: return 43;
            case 190: return 50;
            case 191: return 57;
            case 192: return 64;
            case 193: return 71;
            case 194: return 78;
            case 195: return 85;
            case 196: return 92;
            case 197: return 99;
            case 198: return 106;
            case 199: return 113;
            case 200: return 120;
            case 201: return 127;
            case 202: return 134;
            case 203: return 141;
            case 204: return 148;
            case 205: return 155;
            case 206: return 162;
            case 207: return 169;
            case 208: return 176;
            case 209: return 183;
            case 210: return 190;
            case 211: return 197;
            case 212: return 204;
            case 213: return 211;
            case 214: return 218;
            case 215: return 225;
            case 216: return 232;
            case 217: return 239;
            case 218: return 246;
            case 219: return 253;
            case 220: return 4;
            case 221: return 11;
            case 222: return 18;
            case 223: return 25;
            case 224: return 32;
            case 225: return 39;
            case 226: return 46;
            case 227: return 53;
            case 228: return 60;
            case 229: return 67;
            case 230: return 74;
            case 231: return 81;
            case 232: return 88;
            case 233: return 95;
            case 234: return 102;
            case 235: return 109;
            case 236: return 116;
            case 237: return 123;
            case 238: return 130;
            case 239: return 137;
            case 240: return 144;
            case 241: return 151;
            case 242: return 158;
            case 243: return 165;
            case 244: return 172;
            case 245: return 179;
            case 246: return 186;
            case 247: return 193;
            case 248: return 200;
            case 249: return 207;
            case 250: return 214;
            case 251: return 221;
            case 252: return 228;
            case 253: return 235;
            case 254: return 242;
            case 255: return 249;
            default: return -1;
        }
    }

    private static void Touch(ref int value)
    {
        value++;
    }

    public sealed class Fields // gate: type-size
    {
        public int
            A0, A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17, A18, A19, A20, A21, A22, A23, A24, A25, A26, A27, A28,
            A29, A30, A31, A32, A33, A34, A35, A36, A37, A38, A39, A40, A41, A42, A43, A44, A45, A46, A47, A48, A49, A50, A51, A52, A53, A54, A55,
            A56, A57, A58, A59, A60, A61, A62, A63, A64, A65, A66, A67, A68, A69, A70, A71, A72, A73, A74, A75, A76, A77, A78, A79, A80, A81, A82,
            A83, A84, A85, A86, A87, A88, A89, A90, A91, A92, A93, A94, A95, A96, A97, A98, A99, A100, A101, A102, A103, A104, A105, A106, A107, A108,
            A109, A110, A111, A112, A113, A114, A115, A116, A117, A118, A119, A120, A121, A122, A123, A124, A125, A126, A127, A128, A129, A130, A131,
            A132, A133, A134, A135, A136, A137, A138, A139, A140, A141, A142, A143, A144, A145, A146, A147, A148, A149, A150, A151, A152, A153, A154,
            A155, A156, A157, A158, A159, A160, A161, A162, A163, A164, A165, A166, A167, A168, A169, A170, A171, A172, A173, A174, A175, A176, A177,
            A178, A179, A180, A181, A182, A183, A184, A185, A186, A187, A188, A189, A190, A191, A192, A193, A194, A195, A196, A197, A198, A199, A200,
            A201, A202, A203, A204, A205, A206, A207, A208, A209, A210, A211, A212, A213, A214, A215, A216, A217, A218, A219, A220, A221, A222, A223,
            A224, A225, A226, A227, A228, A229, A230, A231, A232, A233, A234, A235, A236, A237, A238, A239, A240, A241, A242, A243, A244, A245, A246,
            A247, A248, A249, A250, A251, A252, A253, A254, A255;
    }
}
