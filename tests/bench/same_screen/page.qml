// The page of services in Qt Quick: the peer of bench_screens.py.
import QtQuick
import QtQuick.Window

Window {
    id: window
    x: 0; y: 0; width: 1080; height: 1920
    visible: true; color: "#eff3f9"
    flags: Qt.FramelessWindowHint
    FontLoader { id: icons; source: "ICONS" }
    component Words: Text { color: "#12213c"; font.family: "Noto Sans CJK SC"; font.pixelSize: 36; font.bold: true }
    component Press: Rectangle {
        property alias text: words.text
        height: 104; radius: 24; border.width: 3; border.color: "#d3dce8"
        Words { id: words; anchors.centerIn: parent }
    }
    Rectangle {
        width: 1080; height: 156; color: "#0b3477"
        Rectangle { x: 56; y: 35; width: 86; height: 86; radius: 43; color: "#1a478f" }
        Words { x: 166; y: 28; text: "政务服务自助终端"; color: "white"; font.pixelSize: 44 }
        Words { x: 166; y: 90; text: "示例县政务服务中心"; color: "#c6d8f5"; font.pixelSize: 30; font.bold: false }
        Words {
            id: clock; x: 580; y: 48; color: "white"; font.pixelSize: 44
            Timer { interval: 1000; running: true; repeat: true; triggeredOnStart: true
                onTriggered: clock.text = Qt.formatTime(new Date(), "HH:mm") }
        }
        Press { x: 778; y: 26; width: 262; color: "#1a478f"; border.width: 0; text: "English" }
    }
    Rectangle {
        y: 156; width: 1080; height: 60; color: "#fff1d6"
        Words { anchors.centerIn: parent; text: "演示数据 • Demonstration"; color: "#8a4f00"; font.pixelSize: 30 }
    }
    Row { x: 56; y: 240; spacing: 20
        Repeater { model: ["办件查询", "投诉与热线", "公开信息"]; Press { width: 309; text: modelData } } }
    Words { x: 56; y: 400; text: "请选择要办理的事项"; font.pixelSize: 66 }
    Item {
        y: 521; width: 1080; height: 1100; clip: true
        Grid { x: 61; columns: 2; spacing: 22
            Repeater {
                model: TILES
                Rectangle {
                    width: 468; height: 338; radius: 28; border.width: 2
                    color: touch.pressed ? "#dce6f5" : "white"
                    border.color: touch.pressed ? "#1558c4" : "#d3dce8"
                    Rectangle { x: 26; y: 26; width: 84; height: 84; radius: 42; color: "#e4edfb"
                        Text { anchors.centerIn: parent; text: "\uF219"; color: "#1558c4"
                            font.family: icons.name; font.pixelSize: 44 } }
                    Rectangle { anchors.right: parent.right; anchors.rightMargin: 26; y: 42; height: 52
                        width: badge.width + 40; radius: 26; color: "#e0f3e8"
                        Words { id: badge; anchors.centerIn: parent; text: modelData[2]; color: "#11703f"; font.pixelSize: 30 } }
                    Words { x: 26; y: 140; width: 416; wrapMode: Text.Wrap; text: modelData[0]; font.pixelSize: 44 }
                    Words { x: 26; y: 270; text: modelData[1]; color: "#4c5b75"; font.pixelSize: 30; font.bold: false }
                    MouseArea { id: touch; anchors.fill: parent }
                }
            }
        }
    }
    Row { x: 56; y: 1637; spacing: 20
        Repeater { model: ["上一页", "下面还有"]; Press { width: 474; text: modelData } } }
    Row { x: 56; y: 1777; spacing: 20
        Repeater { model: ["上一步", "字号颜色", "结束办理"]; Press { width: 309; text: modelData } } }
}
